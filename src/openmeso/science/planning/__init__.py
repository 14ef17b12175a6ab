"""Planning: minutes, schedule, and the plan composed of everything."""
