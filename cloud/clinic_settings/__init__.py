"""The clinic's settings on one page: what its phones are told, quiet hours, languages.

form: the clinic's card as fields that a person fills, each mistake named with field and limit;
sections: which field stands where; pages: the page. Signing and sending the card is `cloud.care`.
"""
