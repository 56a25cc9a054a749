# The net: what an organisation's level sees of its subtree now.
token-room-staff-net = The net: grids, supervision, property, meetings
nav-staff-net = Net
