"""The `haedap` command."""

import typer

app = typer.Typer(name="haedap", no_args_is_help=True)


@app.callback()
def main() -> None:
    """해답: 민원콜센터를 운영합니다."""
