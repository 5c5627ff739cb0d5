// Der Eingang und die Befehlspalette.
import type { Messages } from "../en";

export const inbox: Messages["inbox"] = {
  waiting: "Wartet auf Sie",
  counted: (count) => (count === 1 ? "1 Eintrag" : `${count} Einträge`),
  nothing: "Es wartet nichts auf Sie.",
  start: "Mit dem Dringendsten beginnen",
  what: "Was",
  kind: "Art",
  count: "Anzahl",
  since: "Wartet seit",
  until: "Fällig",
  news: "Mitteilungen",
  newsNone: "Noch keine Mitteilungen.",
  unread: (count) => `${count} ungelesen`,
  when: "Wann",
  severity: "Gewicht",
  state: "Stand",
  read: "Gelesen",
  new: "Neu",
  readAll: "Alle als gelesen markieren",
};

export const palette: Messages["palette"] = {
  title: "Gehe zu",
  open: "Zu einer Seite, Warteschlange, Aufgabe, Freigabe oder einem Fall",
  hint: "Tippen Sie einen Namen oder fügen Sie die ID eines Falls ein. Pfeiltasten wählen, Enter öffnet.",
  none: "Nichts passt.",
  page: "Seite",
  queue: "Prüf-Warteschlange",
  model: "Modelle",
  policy: "Regeln",
  analytics: "Auswertung",
  approval: "Freigabe",
  case: "Fall",
  openCase: (id) => `Fall ${id} öffnen`,
};
