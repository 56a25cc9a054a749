# Ratings of reports, and their answers
reports-ratings = Ratings of reports
reports-ratings-visits = Visits
reports-ratings-reports = Reports
reports-ratings-waiting = Ratings of reports to answer
reports-ratings-conflict = Somebody has just answered this rating, or the reporter asked for it to be done again. What you wrote was not sent; it is still here:
reports-do-rate-answer = Answer the rating
reports-event-rate-answer = The community answered the rating
reports-step-rate-answer-words = The answer to the reporter (nobody else sees it)
reports-step-rated = The reporter’s rating: { $stars }. { $reason }
reports-obstacle-not-rated = The reporter has not rated it.
reports-obstacle-answered = This rating has been answered.
inbox-report-rate-answer = The community answered your rating of “{ $category }” ({ $code }): { $text }
