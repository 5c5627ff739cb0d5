import assert from "node:assert/strict";
import test from "node:test";
import { linkOf, onceEach, tellingOf, titleOfNotice, unreadOnce, valueOfAlert } from "../src/pages/notice-words";

test("a request without a task is named without an empty place before it", () => {
  assert.equal(titleOfNotice({ title: ": code_execution-8 has expired", kind: "ApprovalExpired" }), "code_execution-8 has expired");
});

test("an alert's name stands in words, and an alert that is over says so", () => {
  assert.equal(titleOfNotice({ title: "approvalTimeouts: german_credit-1", kind: "alert.fired" }), "An approval waits for votes: german_credit-1");
  assert.equal(titleOfNotice({ title: "approvalTimeouts: german_credit-1", kind: "alert.resolved" }), "Over: An approval waits for votes: german_credit-1");
});

test("a title in plain words stays as it is", () => {
  assert.equal(titleOfNotice({ title: "digits: digits-3 waits for votes", kind: "ApprovalRequested" }), "digits: digits-3 waits for votes");
});

test("what a notice tells of has a page, that of an alert too", () => {
  assert.equal(linkOf({ data: { approval_id: "digits-3" } }), "/approvals/digits-3");
  assert.equal(linkOf({ data: { alert: "approvalTimeouts", key: "german_credit-1" } }), "/approvals/german_credit-1");
  assert.equal(linkOf({ data: { alert: "deadDeliveries", key: "all" } }), null);
});

test("what was told to a person and to their role stands once", () => {
  const notice = { id: "1", at: 5, title: "t", severity: "info", kind: "k", data: {} };
  assert.equal(onceEach([notice, { ...notice, id: "2" }, { ...notice, id: "3", at: 90 }]).length, 2);
});

test("what was told twice counts once among the unread, and is read in one go", () => {
  const notice = { id: "1", at: 5, title: "t", severity: "info", kind: "k", data: {}, is_read: false };
  const notices = [notice, { ...notice, id: "2" }, { ...notice, id: "3", at: 90 }];
  assert.equal(unreadOnce(3, notices), 2);
  assert.equal(unreadOnce(7, notices), 6);
  assert.deepEqual(tellingOf(notice, notices), ["1", "2"]);
});

test("what an alert found has its unit", () => {
  assert.equal(valueOfAlert({ rule: "approvalTimeouts", value: 307.51 }), "5 min 8 s");
  assert.equal(valueOfAlert({ rule: "deadDeliveries", value: 3 }), "3");
});
