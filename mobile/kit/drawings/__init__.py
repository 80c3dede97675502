"""Pictures drawn by ourselves with lines and shapes.

- `named`: each under the name that a page may say.
- `sketch`: a picture that follows its widget's size, and the pen that draws it.
- `lessons`: the lessons' pictures. `hold`: the button to hold, with its three seconds.
- `seat`: how the band sits, live.

A picture explains nothing alone: its words stand beside it.
"""
