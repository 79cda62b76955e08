"""Tests of the replica, which is read here with nothing but an HTML parser."""
