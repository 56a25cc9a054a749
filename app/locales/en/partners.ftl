# Partners and volunteers: agreements, teams, activities, service hours.
