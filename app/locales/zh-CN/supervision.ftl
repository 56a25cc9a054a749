# Supervision: orders (督办) and rectification notices (整改通知).
