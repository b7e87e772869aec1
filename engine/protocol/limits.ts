/** The longest text that is searched for, in UTF-16 units, as an input field counts them too. */
export const longestQuery = 1000;
