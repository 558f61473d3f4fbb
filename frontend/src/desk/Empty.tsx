/** What would stand here, and how to get it. */
export function Empty({ title, text }: { title: string; text: string }) {
  return (
    <div class="hd-empty">
      <strong>{title}</strong>
      <p>{text}</p>
    </div>
  );
}
