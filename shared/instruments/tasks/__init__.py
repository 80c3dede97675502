"""Short tasks at the phone: how each goes, and what it comes to.

- `reaction`: attention, a touch at each cue for three minutes.
- `digit_span`: working memory, figures forward and backward.
- `tapping`: the hand, two targets for ten seconds.
- `data`: what a task is called, how often it is done, where its figures are from.

A phone can't measure its own touch screen's delay, and a tremor falsifies all three: whoever shows
a figure says so beside it.
"""
