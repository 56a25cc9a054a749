# Consultations: a question to all residents of a place.
