"""Power cuts, lost links and wrong numbers, with every part a real one.

Clock, radio and band run as processes; the app's half (adapter, link, clock) runs in the test
process and signs with the keys of the tests' own clinic. Not for the cloud, and not for the app's
window: that is the journey.
"""
