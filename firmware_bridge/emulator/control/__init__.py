"""The control surface: button, faults and a look inside, by HTTP on loopback.

It stands for hands, screwdrivers and a logic analyser; nothing of it exists on a real band. The
phone never speaks to it. `app` puts it together.
"""
