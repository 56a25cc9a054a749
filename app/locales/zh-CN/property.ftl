# Property companies: estates, contracts, assessment, credit and appeals.
