// Who has seen what is sealed of a case or of an approval, and why.
import type { RevealNote } from "../api-types";
import { moment, relative } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

export function Reveals({ id, ask }: { id: string; ask: () => Promise<{ reveals: RevealNote[] }> }) {
  const said = text.value.care.case;
  const loaded = useLoad(ask, [id], []);
  return (
    <Shown loaded={loaded}>
      {({ reveals }) => (
        <Table
          caption={said.reveals}
          empty={said.revealsNone}
          rows={reveals}
          columns={[
            { title: said.who, show: (row) => row.by },
            { title: said.when, show: (row) => <span title={moment(row.at)}>{relative(row.at)}</span> },
            { title: text.value.care.reason, show: (row) => row.reason, isLong: true },
          ]}
        />
      )}
    </Shown>
  );
}
