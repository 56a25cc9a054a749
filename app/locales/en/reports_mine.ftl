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
reports-mine-rate-why-hint = If you are not satisfied, please say why; the community reads it
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
reports-moved-asked = From { $from } to { $to } it waited for the reporter's answer; the limit moved by as much.
reports-moved-suspended = From { $from } to { $to } it could not be done, and the limit moved by as much: { $why }
reports-moved-extended = { $when }: { $hours } more hours were granted. { $why }
reports-moved-sorted = { $when }: the category was changed; the limit is the new category's.
reports-moved-reopened = { $when }: the reporter asked for it to be done again; the limit moved.
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
