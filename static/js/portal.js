/* The technicians' pages: everything that they do is started here, and talks to the server last. */

import {live} from "./live.js";
import {startCopy} from "./copy.js";
import {startAlerts} from "./portal_alerts.js";
import {startConnect} from "./portal_connect.js";
import {startFirstDay} from "./portal_first_day.js";
import {startKeys} from "./portal_keys.js";
import {startList} from "./portal_list.js";
import {startNames} from "./portal_name.js";
import {startNotices} from "./portal_notices.js";
import {startOpen} from "./portal_open.js";
import {startRings} from "./portal_rings.js";
import {startRows} from "./portal_rows.js";
import {startTickets} from "./portal_ticket.js";
import {startTicketPage} from "./portal_ticket_page.js";
import {startUnread} from "./portal_unread.js";
import {startWatching} from "./portal_watch.js";
import "./profile.js";
import {startShared} from "./shared.js";

startShared();
startUnread();
startRows();
startList();
startOpen();
startTickets();
startTicketPage();
startNames();
startNotices();
startConnect();
startFirstDay();
startRings();
startAlerts();
startWatching();
startKeys();
startCopy();
live.start();
