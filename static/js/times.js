/* Moments as this reader writes them: zone and 12 or 24 hours by the browser, words by the page's language.

   Every <time datetime> that is empty, or says data-time="clock|second|date|moment", is filled in by itself.
     clock(date) 10:18 · day(date) Today, Tuesday 24 November · moment(date) 24 Nov, 10:18 · exact(date) for titles
     left(ms) 1:05 · age(ms) "now", "4 m" · lasted(ms) "0:45", "6 min", "1 h 5 min" · dayKey(date)
*/

import {whenHere} from "./arrivals.js";
import {word} from "./words.js";

const language = document.documentElement.lang || "en";
// Of the reader's own languages the one of the page, for its habits: en-GB writes 24 November, en-US November 24.
const locale = (navigator.languages ?? []).find((own) => own.split("-")[0] === language.split("-")[0]) ?? language;
const format = (options) => new Intl.DateTimeFormat(locale, options);
const clockFormat = format({hour: "numeric", minute: "2-digit"});
const secondFormat = format({hour: "numeric", minute: "2-digit", second: "2-digit"});
const dayFormat = format({weekday: "long", day: "numeric", month: "long"});
const farDayFormat = format({weekday: "long", day: "numeric", month: "long", year: "numeric"});
const dateFormat = format({day: "numeric", month: "short"});
const farDateFormat = format({day: "numeric", month: "short", year: "numeric"});
const momentFormat = format({day: "numeric", month: "short", hour: "numeric", minute: "2-digit"});
const exactFormat = format({dateStyle: "full", timeStyle: "medium"});
const relative = new Intl.RelativeTimeFormat(locale, {numeric: "auto"});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const clock = (date) => clockFormat.format(date);
export const moment = (date) => momentFormat.format(date);
export const exact = (date) => exactFormat.format(date);
export const dayKey = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

const two = (n) => String(n).padStart(2, "0");

export function day(date, today = new Date()) {
  const name = (isSameYear(date, today) ? dayFormat : farDayFormat).format(date);
  const apart = Math.round((midnight(date) - midnight(today)) / DAY_MS);
  return apart === 0 || apart === -1 ? `${capital(relative.format(apart, "day"))}, ${name}` : capital(name);
}

const isSameYear = (one, other) => one.getFullYear() === other.getFullYear();
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const capital = (text) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** What is left of a time, as a clock that never shows 0:00 while something is left. */
export function left(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

export function age(ms) {
  if (ms < MINUTE_MS) return word("now");
  if (ms < HOUR_MS) return word("minutes_short", {n: Math.floor(ms / MINUTE_MS)});
  if (ms < DAY_MS) return word("hours_short", {n: Math.floor(ms / HOUR_MS)});
  return word("days_short", {n: Math.floor(ms / DAY_MS)});
}

export function lasted(ms) {
  if (ms < MINUTE_MS) return `0:${two(Math.max(0, Math.floor(ms / 1000)))}`;
  const minutes = word("minutes_long", {n: Math.floor((ms % HOUR_MS) / MINUTE_MS)});
  return ms < HOUR_MS ? minutes : `${word("hours_short", {n: Math.floor(ms / HOUR_MS)})} ${minutes}`;
}

const SHOWN = {
  clock,
  second: (date) => secondFormat.format(date),
  date: (date) => (isSameYear(date, new Date()) ? dateFormat : farDateFormat).format(date),
  moment,
};

function fill(time) {
  const date = new Date(time.dateTime);
  if (Number.isNaN(date.getTime()) || !(time.dataset.time || time.textContent.trim() === "")) return;
  time.textContent = (SHOWN[time.dataset.time] ?? clock)(date);
  if (!time.title) time.title = exact(date);
}

/** For what is put up outside the page first. */
export const showTimes = (root) => root.querySelectorAll("time[datetime]").forEach(fill);

export const startTimes = () => whenHere("time[datetime]", fill);
