"""`make screenshots`: every screen in every state, on contact sheets with an index page.

- `settings`: which sizes, languages, looks and sizes of text are drawn together.
- `every`: every view that there's a sample of, in one language.
- `pages`: a picture of a whole page, also of what lies below the window's edge.
- `shots`: all pictures of one setting; a process of its own. `sheet`: the sheets of a setting.
- `index`: the page that names each screen's picture. `__main__`: all of it.
"""
