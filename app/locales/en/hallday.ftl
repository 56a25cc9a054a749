# The day at a hall: cards of the home page, numbers from afar, the board, the counter, ratings
nav-staff-ratings = Ratings

home-open-wait = { $hours }, about { $low }–{ $high } min wait now
home-remote = Take a number on your phone before you go
home-number = Your number today
home-called = You are called · { $number }
home-ticket-called = Please go to window { $window }
home-ticket-issued = Check in at the hall by { $time }
home-ticket-ahead = { $count } before you
home-ticket-note = { $number } · { $item } · { $hall }
home-offer = A place for you
home-offer-note = { $hall }, kept for you until { $time }: please confirm soon

queue-line-issued-until = Check in at the hall’s door by { $time }; you are called only after that
queue-lapsed = This number was not checked in in time and has ended. Please take another one.
queue-too-late-today = Many people are before you: the hall would close before your turn. Please book another day.
inbox-ticket-lapsed = { $number } has ended: nobody checked in in time at { $hall }

queue-board-speak = Speak the calls
queue-board-speak-blocked = Tap once more to let it speak

queue-ratings-waiting = Ratings to answer
queue-ratings-waiting-note = The oldest is due by { $date }
queue-ratings-note = Read what people say, answer who was dissatisfied
queue-rating-due = Due { $date }

booking-sign-in = Sign in to go on
booking-work = Many people are choosing times: one or two seconds, and it goes on by itself …

queue-book-for = Book for a resident
queue-back-online = The network is back. What you did has arrived; this is how things stand now.
queue-offline = The network is gone; connecting again. This may not be the newest state.
