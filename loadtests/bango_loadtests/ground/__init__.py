"""The ground of a campaign: the mock network and the other bodies, in a process of their own, around the target."""
