# Patrol plans, intake from vehicles and cameras, and the hotline desk.
