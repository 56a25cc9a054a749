# The reporter's own page: answer, add, confirm, reopen, rate, take back

reports-mine-question = The community asks you
reports-mine-answer = Your answer
reports-mine-photos = Photos
reports-mine-add = What you want to add
reports-mine-solved = Is it solved?
reports-mine-unsolved = What is not solved
reports-mine-unsolved-hint = For example: it went out again last night. A photo of how it looks now helps.
reports-mine-reopen-until = You can ask for it to be done again until { $until }; the time limit starts anew.
reports-mine-rate = How did it go?
reports-mine-rate-how = Are you satisfied
reports-mine-rate-why = What you want to say
reports-mine-rate-why-hint = If you are not satisfied, please say why: you get an answer within one working day
reports-mine-rated = Your rating
reports-mine-unsent = What you just wrote is still here, to be copied:
reports-mine-conflict = Something has changed: { $what } ({ $when }). Your last step was not taken; this is how it stands now.
reports-error-answer = Write an answer, or take a photo
reports-error-add = Write a line, or take a photo
reports-error-unsolved = Say in a line what is not solved
reports-error-rate-why = Say in a line why you are not satisfied, so that the community knows what to change
flash-report-answered = Answered; the community goes on with it.
flash-report-added = Added; those who work on it can see it.
flash-report-confirmed = Thank you for confirming.
flash-report-reopened = It is with the community again.
flash-report-rated = Thank you for your rating.
inbox-report-added = The reporter of "{ $category }" (code { $code }) added something.

# Why the time limit moved
reports-stands-asked = Waiting for your answer. The clock has stood still since { $since } and goes on when you answer.
reports-stands-suspended = The clock has stood still since { $since } and goes on when work does.
reports-moved = Why it is not the time that was given first
reports-event-moved = The expected time moved
inbox-report-moved = Your report “{ $category }” ({ $code }): the time by which it should be done has changed. { $line }
reports-moved-line = It was { $before }, now it is { $after }. { $why }
reports-moved-known = The time could not be told before, now it is { $after }. { $why }
reports-moved-unknown = It was { $before }; now it can only be told when next year’s holidays are published. { $why }
reports-moved-said = { $line } They said: { $said }
reports-moved-calendar = The calendar of holidays changed, and working days were counted again.
reports-moved-limit = The time limit for this kind of problem changed.
reports-moved-hours = The community’s working hours changed.
reports-moved-asked = The time spent waiting for the reporter’s answer does not count.
reports-moved-suspended = The time in which nothing could be done does not count.
reports-moved-extended = More time was granted.
reports-moved-sorted = The category was changed; the limit is the new category’s.
reports-moved-reopened = The reporter asked for it to be done again; the time between closing and reopening does not count.
reports-moved-rules = The rules for time limits changed, and it was calculated again.
reports-said-community = The community:
reports-said-verifier = Whoever checked it:
reports-merged-into = Goes on as { $code }: see how far that is
reports-link-copy = Copy the link
reports-added = Added later

# The form: place, category, privacy
reports-place-at = { $community }, { $building }
reports-place-near = { $community }, near { $building }
reports-place-in-grid = { $community }, { $grid }
reports-place-outside = not in { $community }
reports-position-photo = Was the photo taken here?
reports-position-phone = Are you here now?
reports-position-use = Use this place
reports-position-no = No
reports-position-used = Chosen; you can still change it.
reports-privacy = Who may know that it is from you
reports-privacy-hint = Public pages never show your name or number; you need not choose that.
reports-too-many = You have reported a lot this hour, thank you. Please send this one in { $minutes } minutes; all you wrote is below.
reports-too-many-visitor = This phone has reported a lot this hour, thank you. Without an account there is a limit for each hour: please send this one in { $minutes } minutes, or sign in first; all you wrote is below. If it is urgent, please call.
reports-more-suggest-another = Another one
