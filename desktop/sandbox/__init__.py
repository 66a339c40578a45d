"""A local imitation of the servers of Threads, Instagram and Facebook, for tests and for trying the product.

It speaks real HTTP on 127.0.0.1, keeps its own ledger of what went public, follows a movable clock and plays a
seeded script of faults. It shares no code with the connectors, so that one mistake cannot hide in both.
It is a simulator: ids, people and tokens in it are invented.
"""
