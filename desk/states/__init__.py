"""The state machines told as documents and diagrams, from the records that the product itself runs on.

`make states` writes docs/states/; a test holds what is kept there to what the machines say now.
"""
