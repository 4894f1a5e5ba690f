import { describe, expect, test } from "vitest";
import { parseInvite, time } from "./invite";

const event = (lines: string) =>
  `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n${lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

describe("invitations", () => {
  test("the fields a person wants to see", () => {
    const invite = parseInvite(
      event(
        'SUMMARY:Garden\\, party\r\nDTSTART:20261203T150000Z\r\nDTEND:20261203T170000Z\r\nLOCATION:Behind the\r\n  house\r\nORGANIZER;CN="Ana; L":mailto:ana@example.org\r\nATTENDEE:mailto:b@example.org',
      ),
    );
    expect(invite).toMatchObject({
      method: "REQUEST",
      summary: "Garden, party",
      location: "Behind the house",
      attendees: 1,
      allDay: false,
    });
    expect(invite?.start?.toISOString()).toBe("2026-12-03T15:00:00.000Z");
  });
  test("a time in a named zone", () => {
    expect(time({ value: "20260703T150000", params: ";TZID=Europe/Paris" })?.toISOString()).toBe(
      "2026-07-03T13:00:00.000Z",
    );
  });
  test("a day without a time", () => expect(parseInvite(event("DTSTART;VALUE=DATE:20261203"))?.allDay).toBe(true));
  test("what is no event is none", () => expect(parseInvite("hello")).toBeUndefined());
  test("alarms inside the event do not count", () => {
    expect(parseInvite(event("SUMMARY:A\r\nBEGIN:VALARM\r\nSUMMARY:B\r\nEND:VALARM"))?.summary).toBe("A");
  });
});
