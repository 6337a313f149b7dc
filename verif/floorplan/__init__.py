"""Early floorplans: blocks, nets and an outline in, legal block positions out.

A leaf: it imports ``verif.design`` at most.
"""
