// Asks for the coloured form of an emoji that fonts may also draw as a plain character, such as the heart.

const COLOURED = /\p{Emoji_Presentation}|\u200d/u;
const AS_PICTURE = "\ufe0f";

export const coloured = (emoji) => (COLOURED.test(emoji) ? emoji : emoji + AS_PICTURE);
