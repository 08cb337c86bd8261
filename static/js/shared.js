/* Starts everything that the portal's pages and the contact's page have in common. An entry point says:

     import {startShared} from "./shared.js";
     startShared();
     …its own listeners…
     live.start();   last: what is heard first must find everybody listening
*/

import {startBar} from "./bar.js";
import {startBusy} from "./busy.js";
import {startChatFiles} from "./chat_files.js";
import {startClocks} from "./clocks.js";
import {startDialogs} from "./dialogs.js";
import {startDraftFields} from "./draft_fields.js";
import {startFileForms} from "./file_forms.js";
import {startFiles} from "./files.js";
import {startGrowing} from "./grow.js";
import {startMenus} from "./menus.js";
import {startNotify} from "./notify.js";
import {startOutbox} from "./outbox.js";
import {startSeen} from "./seen.js";
import {startSender} from "./sender.js";
import {startSounds} from "./sounds.js";
import {startThreads} from "./thread.js";
import {startTimes} from "./times.js";
import {startUploadCards} from "./upload_cards.js";
import {startUploads} from "./uploads.js";
import {startViewer} from "./viewer.js";

export function startShared() {
  startMenus();
  startDialogs();
  startBusy();
  startSounds();
  startNotify();
  startTimes();
  startClocks();
  startOutbox();
  // Before the threads: a message leaves the outbox before its event takes its place on the screen.
  startSender();
  startSeen();
  startUploads();
  startThreads();
  startChatFiles();
  startUploadCards();
  startFiles();
  startDraftFields();
  startFileForms();
  startGrowing();
  startViewer();
  startBar();
}
