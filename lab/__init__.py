"""The lab: training, benches, data making. Not in the wheel, and nothing imports it."""
