# Questions under notices

question-section = Questions
question-ask = Ask a question
question-sign-in = Log in to ask
question-label = What would you like to know?
question-hint = When the community has answered, question and answer appear here without your name. Please write no personal data.
question-send = Send
question-by-you = You asked
question-by-resident = A resident asked
question-you-wait = Waits for an answer; only you see it
question-answer-follows = The answer follows
question-only-you = Answered to you alone
question-answer = The community answers
question-why = Why there is no answer
question-open = Waiting
question-answered = Answered
question-declined = Not answered
question-is-shown = Shown
question-error-empty = Please write what you would like to know
question-error-answer = Please write the answer
question-error-reason = Please write why there is no answer: who asked will read it
question-conflict-closed = Nobody can ask under this notice now.
question-conflict-many = Three of your questions under this notice still wait for an answer.
question-take-back = Take this question back
question-take-back-text = It is deleted, for the community as well, and cannot be brought back.
question-take-back-do = Take it back
question-conflict-answered = The community has answered this question already, so it cannot be taken back.
question-conflict-changed = Somebody has just dealt with this question. Please go back and look.

# Staff
questions-title = Residents’ questions
questions-waiting = Questions of residents wait for an answer
questions-open-list = Residents’ questions
questions-states = By state
questions-caption = Of those that wait, the oldest comes first
questions-none = No such questions
questions-none-text = What residents ask under notices is listed here.
question-title = A resident’s question
question-column = Question
question-column-notice = Notice
question-column-asked = Asked
question-answer-label = Answer
question-answer-hint = Whoever asked will be told. If shown, others see question and answer, never who asked.
question-do-answer = Answer and show
question-do-quietly = Answer to them alone
question-do-decline = Do not answer
question-decline-text = The question is not shown; who asked will read the reason.
question-reason = Why there is no answer
question-do-release = Show this question
question-release-text = Others will see it under the notice, not who asked.
question-do-hide = Show it no longer
question-hide-text = It goes from the notice; who asked still sees it.
question-field = Residents may ask below it
question-field-note = Staff look at questions first: others see them when they are answered or shown

inbox-question-answered = The community has answered your question: { $title }
inbox-question-declined = Your question was not answered; the reason is under the notice: { $title }

flash-question-asked = Your question is sent. You will be told when there is an answer
flash-question-taken-back = Your question is taken back
flash-question-done = Done; who asked will be told
flash-question-released = It is shown now
flash-question-hidden = It is shown no longer

# Emergencies: I have seen it
confirm-title = Please confirm that you have seen this
confirm-text = Only the number is counted, not who.
confirm-do = I have seen it
confirm-done = You have confirmed that you saw this. Thank you.
confirm-sign-in = Log in to confirm
confirm-conflict-over = Only an emergency that is going on asks for this.
confirm-count = Confirmed
confirm-count-text = { $count } (reached: { $people } people). Only counted; there is no list.
flash-confirmed = Thank you, noted
