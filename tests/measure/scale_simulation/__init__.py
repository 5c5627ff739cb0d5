"""The product on many machines as a discrete-event simulation, fed with measured costs: where it stops growing, and why."""
