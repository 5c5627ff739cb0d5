"""Attacks by the service's own users: each test does what an attacker would, and shows that it changes nothing."""
