/* What counts as having said something: a message, or a file.

     isSaid(kind)   saidIn({kind, text}) → what was said, on one line: a file by its name
*/

import {word} from "./words.js";

export const isSaid = (kind) => kind === "message" || kind === "file";

export const saidIn = ({kind, text}) => (kind === "file" ? word("sent_file", {name: text}) : text);
