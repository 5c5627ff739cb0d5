// What an answer is about, set apart from the rest of the case: one content, or two side by side.
import type { JudgedContent } from "../api-types";
import { text } from "../messages";
import { Verbatim } from "../ui/verbatim";
import { contentAt } from "./contents";

export function Judged({ features, contents }: { features: unknown; contents: JudgedContent[] }) {
  const said = text.value.review;
  return (
    <div class={contents.length > 1 ? "judged side-by-side" : "judged"}>
      {contents.map((content, at) => (
        <section key={content.path}>
          <h3>{contents.length > 1 ? said.sides[at] : said.judged}</h3>
          <p class="text lead">
            <Verbatim>{contentAt(features, content.path) ?? said.missing}</Verbatim>
          </p>
        </section>
      ))}
    </div>
  );
}
