"""How fast the clinic's pages are: `clinic` fills one, `serving` serves it beside a bare page,
`times` asks the server, `browsing` opens pages in Chromium over a slow network."""
