# The net: what an organisation's level sees of its subtree now.
token-room-staff-net = 一张网：网格、督办、物业、会议
nav-staff-net = 一张网
