"""Circlet's own widgets: what the screens are built of.

theme: tokens as colours, sizes and fonts. stack: parts that survive from view to view. page: head,
scrolling body, foot and STOP. The rest is one widget a file. No words and no decisions live here.
"""
