// 이력: what this citizen asked before, a card each.
import { dateAndTime } from "../../lib/format";
import { Empty } from "../Empty";
import { detail, phase } from "../state";
import type { HistoryItem } from "../types";
import { channelName, ending } from "./words";

function Card({ item }: { item: HistoryItem }) {
  const end = ending(item.outcome);
  return (
    <li class="history-card" data-sure={item.sure}>
      <p>
        <time dateTime={item.arrived_at}>{dateAndTime(item.arrived_at)}</time>
        <span class="hd-muted">{[channelName(item.channel), item.agent_name].filter(Boolean).join(" · ")}</span>
        <a href={`/contacts/${item.id}/`} target="_blank" rel="noreferrer">
          {gettext("Record")}
          <span class="sr-only"> {gettext("(new window)")}</span>
        </a>
      </p>
      <p>
        <strong>{item.topic || gettext("no topic")}</strong>
        <span class="hd-badge">{item.disposition || end || gettext("no disposition")}</span>
      </p>
      {!item.sure && <p class="history-unsure">{gettext("This number; it is not known who it was")}</p>}
      {item.note_first_line && <p class="history-note">{item.note_first_line}</p>}
    </li>
  );
}

export function History() {
  if (phase.value === "empty") {
    return (
      <Empty
        title={gettext("Earlier contacts")}
        text={gettext("When a citizen calls, what they called about before stands here.")}
      />
    );
  }
  if (!detail.value) return <p class="history-more">{gettext("Loading …")}</p>;
  const items = detail.value.history;
  if (items.length === 0) {
    return (
      <Empty
        title={gettext("No earlier contact")}
        text={gettext("This number has not called before, or the number is not known.")}
      />
    );
  }
  return (
    <>
      <ul class="history" aria-label={gettext("Earlier contacts")}>
        {items.map((item) => (
          <Card key={item.id} item={item} />
        ))}
      </ul>
      {detail.value.history_goes_on && (
        <p class="history-more">
          <a href="/contacts/" target="_blank" rel="noreferrer">
            {gettext("The earlier ones are in the list of contacts (new window)")}
          </a>
        </p>
      )}
    </>
  );
}
