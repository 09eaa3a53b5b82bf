"""Branching conversations as pure values and functions: the standard library only, no I/O, no clock.

Read in this order: ``graph`` (what a scenario is), ``play`` (three verbs), ``explore`` (every
reachable state), ``check`` (what is wrong with it), ``debrief`` (what a play was worth), ``layout``
(where each scene sits on the map).
"""
