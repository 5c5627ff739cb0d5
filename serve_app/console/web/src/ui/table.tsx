// A table with a title, one line a row, a head that stays, and its values as CSV on request.
import type { ComponentChildren } from "preact";
import { csv } from "../format";
import { text } from "../messages";

export interface Column<Row> {
  title: string;
  show: (row: Row) => ComponentChildren;
  /** The plain value for the CSV; without it the column is left out there. */
  value?: (row: Row) => unknown;
  isNumber?: boolean;
  /** Text that may take several lines. */
  isLong?: boolean;
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
  /** How many there are in all, where that is known. */
  total?: string;
}

export function Table<Row>({ caption, rows, columns, file, empty = text.value.states.nothing, rowKey = (_, at) => at, current, isSelected, total }: TableProps<Row>) {
  return (
    <figure class="table">
      <div class="figure-head">
        <h2>{caption}</h2>
        {total ? <span class="count">{total}</span> : null}
        {file && rows.length > 0 ? <Download file={file} columns={columns} rows={rows} /> : null}
      </div>
      {rows.length === 0 ? (
        <div class="notice empty">{empty}</div>
      ) : (
        <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
          <table aria-label={caption}>
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
                    <td key={column.title} class={column.isNumber ? "number" : column.isLong ? "wrap" : undefined} title={tipOf(column, row)}>
                      {column.show(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  );
}

/** What the ellipsis may hide. */
function tipOf<Row>(column: Column<Row>, row: Row): string | undefined {
  const value = column.isLong || column.isNumber ? undefined : column.value?.(row);
  return typeof value === "string" && value.length > 24 ? value : undefined;
}

function rowClass(isCurrent: boolean, isSelected: boolean): string | undefined {
  return [isCurrent ? "current" : "", isSelected ? "selected" : ""].join(" ").trim() || undefined;
}

function Download<Row>({ file, columns, rows }: { file: string; columns: Column<Row>[]; rows: Row[] }) {
  const kept = columns.filter((column) => column.value);
  const save = () => {
    const said = csv(
      kept.map((column) => column.title),
      rows.map((row) => kept.map((column) => column.value?.(row))),
    );
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([said], { type: "text/csv" }));
    link.download = `${file}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button type="button" class="quiet end" onClick={save}>
      {text.value.states.download}
    </button>
  );
}
