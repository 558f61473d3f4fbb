"""What the operating system refused, in one sentence that says what to do."""

from __future__ import annotations

import errno

_SENTENCES = {
    errno.ENOSPC: "디스크가 가득 찼습니다. 자리를 비운 뒤 다시 시작하십시오",
    errno.EDQUOT: "디스크 할당량을 다 썼습니다. 자리를 비운 뒤 다시 시작하십시오",
    errno.EACCES: "권한이 없습니다. 파일의 주인과 권한을 확인하십시오",
    errno.EPERM: "권한이 없습니다. 파일의 주인과 권한을 확인하십시오",
    errno.EROFS: "읽기 전용 파일 시스템입니다. HAEDAP_STATE로 쓸 수 있는 폴더를 지정하십시오",
    errno.EADDRINUSE: "포트를 다른 프로그램이 쓰고 있습니다. haedap doctor로 확인하십시오",
    errno.EMFILE: "열 수 있는 파일 수를 넘었습니다. ulimit -n 값을 늘리십시오",
    errno.ENOENT: "필요한 파일이 없습니다. make setup을 실행하십시오",
}


def sentence_for(error: OSError) -> str:
    """One Korean sentence for an error of the operating system, with the file it is about."""
    sentence = _SENTENCES.get(error.errno or 0, f"시스템 오류가 났습니다({error.strerror or error})")
    return f"{sentence}: {error.filename}" if error.filename else f"{sentence}."


def is_dead_database(error: BaseException) -> bool:
    """Whether the error, or one that it came from, is a database that does not answer."""
    import psycopg

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, psycopg.OperationalError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
