// A table with a caption, its values as CSV on request, and columns that scroll alone on a narrow screen.
import type { ComponentChildren } from "preact";
import { csv } from "../format";

export interface Column<Row> {
  title: string;
  show: (row: Row) => ComponentChildren;
  /** The plain value for the CSV; without it the column is left out there. */
  value?: (row: Row) => unknown;
  isNumber?: boolean;
}

interface TableProps<Row> {
  caption: string;
  rows: Row[];
  columns: Column<Row>[];
  file?: string;
  empty?: ComponentChildren;
  rowKey?: (row: Row, at: number) => string | number;
  /** Of a list with a cursor: the row under it, and whether a row is selected. */
  current?: number;
  isSelected?: (row: Row) => boolean;
}

export function Table<Row>({ caption, rows, columns, file, empty = "Nothing here.", rowKey = (_, at) => at, current, isSelected }: TableProps<Row>) {
  return (
    <figure class="table">
      <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption>
            {caption} <span class="count">n = {rows.length}</span>
          </caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.title} scope="col" class={column.isNumber ? "number" : undefined}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={rowKey(row, at)} class={rowClass(at === current, isSelected?.(row) ?? false)} aria-current={at === current ? "true" : undefined}>
                {columns.map((column) => (
                  <td key={column.title} class={column.isNumber ? "number" : undefined}>
                    {column.show(row)}
                  </td>
                ))}
              </tr>
            ))}
            {rows.length === 0 ? (
              <tr>
                <td colSpan={columns.length}>{empty}</td>
              </tr>
            ) : null}
          </tbody>
        </table>
      </div>
      {file && rows.length > 0 ? <Download file={file} columns={columns} rows={rows} /> : null}
    </figure>
  );
}

function rowClass(isCurrent: boolean, isSelected: boolean): string | undefined {
  return [isCurrent ? "current" : "", isSelected ? "selected" : ""].join(" ").trim() || undefined;
}

function Download<Row>({ file, columns, rows }: { file: string; columns: Column<Row>[]; rows: Row[] }) {
  const kept = columns.filter((column) => column.value);
  const save = () => {
    const text = csv(
      kept.map((column) => column.title),
      rows.map((row) => kept.map((column) => column.value?.(row))),
    );
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = `${file}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button type="button" class="quiet" onClick={save}>
      CSV
    </button>
  );
}
