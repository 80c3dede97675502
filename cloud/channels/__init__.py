"""How people are reached outside the pages: mail and webhooks, without a word about health."""
