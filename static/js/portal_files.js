/* A file that could not be sent, of a chat that is not on the screen: a notice that leads there. Where it is, its card
   says so. Also one that was pasted where nobody can tell whom it is for. */

import {chatOf} from "./chat_files.js";
import {files} from "./files.js";
import {page} from "./page.js";
import {notice} from "./portal_notices.js";
import {uploads} from "./uploads.js";
import {word} from "./words.js";

export function startFileNotices() {
  files.on("homeless", () => {
    notice({icon: "alert-circle", title: word("paste_nowhere"), text: word("paste_where")});
  });
  uploads.on("refused", ({place, name, words}) => {
    const chat = chatOf(place);
    if (!chat || document.querySelector(`[data-uploads="${place}"]`)) return;
    notice({icon: "alert-circle", title: name, text: words, href: `${page.chats}${chat}/`});
  });
}
