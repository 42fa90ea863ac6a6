"""What a campaign costs and where it would wait at another size: plans and simulations from the figures of a measured run."""
