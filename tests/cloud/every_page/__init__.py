"""What holds for every page: a small made-up clinic, every address of the app, and who may open it.

`clinic` makes the clinic and its visitors, `addresses` lists the pages by the app's own routes,
`opening` opens them in one browser.
"""
