"""행정정보 조회: the city's systems, asked at the desk about the citizen on the line; who may ask, what is kept."""
