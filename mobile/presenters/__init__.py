"""What the screens show and what a person can do, in plain values; nothing here knows Kivy."""
