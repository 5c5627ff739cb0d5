// Line icons, 18 by 18.
const PATHS: Record<string, string> = {
  copy: "M6 6h8v9H6zM4 12V3h8",
  overview: "M3 3h5v6H3zM10 3h5v4h-5zM10 9h5v6h-5zM3 11h5v4H3z",
  inbox: "M3 10l2-6h8l2 6v5H3zM3 10h4l1 2h2l1-2h4",
  reviews: "M4 3h10v12H4zM7 7h4M7 10h2M9.5 11.5l1.5 1.5 3-3.5",
  cases: "M2.5 5h5l1.5 2h6.5v8h-13z",
  models: "M9 2.5l6 3.3v6.4l-6 3.3-6-3.3V5.8zM3 5.8l6 3.3 6-3.3M9 9.1v6.4",
  approvals: "M9 2.5l5.5 2v4.5c0 3.5-2.5 5.5-5.5 6.5-3-1-5.5-3-5.5-6.5V4.5zM6.5 8.8l2 2 3.2-3.6",
  workflows: "M3 3h4v4H3zM11 11h4v4h-4zM7 5h4a2 2 0 012 2v4",
  analytics: "M3 15V3M3 15h12M6 12V9M9 12V5M12 12V8",
  policies: "M3 5h7M13 5h2M3 9h2M8 9h7M3 13h8M14 13h1M11.5 3.5v3M6.5 7.5v3M12.5 11.5v3",
  audit: "M4 2.5h7l3 3v10H4zM11 2.5v3h3M6.5 9h5M6.5 12h5",
  staffing: "M3 15v-3M7 15V8M11 15v-5M15 15V4M2.5 15h13",
  overrides: "M3 6h9M9 3l3 3-3 3M15 12H6M9 9l-3 3 3 3",
  outbox: "M2.5 4h13v10h-13zM2.5 4.5L9 9.5l6.5-5",
  retention: "M5 8V5.5a4 4 0 018 0V8M3.5 8h11v7.5h-11zM9 10.5v2.5",
  tasks: "M3 4.5h3v3H3zM3 10.5h3v3H3zM9 6h6.5M9 12h6.5",
  "new-task": "M9 3v12M3 9h12",
  people: "M6.5 8.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM2.5 14.5c0-2.5 1.8-4 4-4s4 1.5 4 4M12 8a2 2 0 100-4M12 10.5c2 0 3.5 1.3 3.5 3.5",
  settings: "M9 6.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5zM9 2v2M9 14v2M2 9h2M14 9h2M4 4l1.5 1.5M12.5 12.5L14 14M14 4l-1.5 1.5M5.5 12.5L4 14",
};

export function Icon({ name }: { name: string }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name] ?? PATHS.cases ?? ""} />
    </svg>
  );
}
