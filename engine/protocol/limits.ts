/** The longest text that is searched for, in UTF-16 units, as an input field counts them too. */
export const longestQuery = 1000;
/** So many of the suggested questions are offered at once: of any film one of each topic, while there are enough of each. */
export const questionsAtOnce = 6;
