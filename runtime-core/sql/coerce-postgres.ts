/**
 * The functions of `SQL_FUNCTIONS` for Postgres, with the same answers: immutable, parallel safe, created beside the tables.
 * Only rules that compare loosely call them.
 */
export const POSTGRES_FUNCTIONS = `
CREATE OR REPLACE FUNCTION pylon_num(value text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  cut text := regexp_replace(value, '^[\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+|[\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+$', '', 'g');
  digits text;
  exponent text;
  magnitude numeric;
BEGIN
  IF cut ~* '^[+-]?(inf|infinity)$' THEN
    RETURN CASE WHEN cut LIKE '-%' THEN '-Infinity' ELSE 'Infinity' END;
  END IF;
  IF cut !~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$' THEN
    RETURN NULL;
  END IF;
  RETURN cut::double precision;
EXCEPTION WHEN numeric_value_out_of_range THEN
  -- Postgres refuses what overflows or underflows; JavaScript rounds it to infinity or zero.
  exponent := coalesce(substring(lower(cut) FROM 'e(.*)$'), '0');
  digits := ltrim(regexp_replace(lower(cut), 'e.*$', ''), '+-');
  digits := ltrim(digits, '0');
  magnitude := CASE
    WHEN digits LIKE '.%' THEN -length(substring(digits FROM '^[.](0*)'))
    ELSE length(split_part(digits, '.', 1))
  END + exponent::numeric;
  RETURN CASE WHEN magnitude < 0 THEN 0::double precision WHEN cut LIKE '-%' THEN '-Infinity' ELSE 'Infinity' END;
END $$;

CREATE OR REPLACE FUNCTION pylon_json(value text, path text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH RECURSIVE walk(at, node) AS (
    SELECT 1, value::json
    UNION ALL
    SELECT at + 1, node -> (string_to_array(path, '.'))[at] FROM walk
    WHERE at <= coalesce(cardinality(string_to_array(nullif(path, ''), '.')), 0) AND json_typeof(node) = 'object'
  )
  SELECT node::text FROM walk
  WHERE at = coalesce(cardinality(string_to_array(nullif(path, ''), '.')), 0) + 1
    AND json_typeof(node) IN ('string', 'number', 'boolean')
$$;

CREATE OR REPLACE FUNCTION pylon_datetime(value text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  p text[] := regexp_match(value, '^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:[.]([0-9]+))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$');
  minutes int;
  instant timestamp;
BEGIN
  IF p IS NULL THEN
    RETURN NULL;
  END IF;
  minutes := CASE p[8] WHEN '-' THEN -1 ELSE 1 END * (coalesce(p[9], '0')::int * 60 + coalesce(p[10], '0')::int);
  -- Postgres has no year 0, so everything happens 400 years (one whole cycle of the calendar) later.
  instant := make_timestamp(p[1]::int + 400, p[2]::int, p[3]::int, p[4]::int, p[5]::int,
    (p[6] || '.' || rpad(left(coalesce(p[7], '0'), 3), 3, '0'))::double precision) - make_interval(mins => minutes);
  RETURN CASE WHEN instant >= '0400-01-01' AND instant < '10400-01-01' THEN instant END;
EXCEPTION WHEN datetime_field_overflow THEN
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION pylon_truthy(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE json_typeof(value::json)
    WHEN 'boolean' THEN value::json #>> '{}' = 'true'
    WHEN 'number' THEN pylon_num(value::json #>> '{}') <> 0
    WHEN 'string' THEN value::json #>> '{}' <> ''
    ELSE false
  END
$$;

-- -1, 0 or 1; NULL where the two are in no order.
CREATE OR REPLACE FUNCTION pylon_order(a text, b text) RETURNS int LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  kind_a text := coalesce(json_typeof(a::json), 'null');
  kind_b text := coalesce(json_typeof(b::json), 'null');
  text_a text := a::json #>> '{}';
  text_b text := b::json #>> '{}';
BEGIN
  IF kind_a NOT IN ('number', 'string') OR kind_b NOT IN ('number', 'string') THEN
    RETURN NULL;
  END IF;
  IF kind_a = 'number' OR kind_b = 'number' THEN
    RETURN sign(CASE WHEN pylon_num(text_a) = pylon_num(text_b) THEN 0 WHEN pylon_num(text_a) < pylon_num(text_b) THEN -1
      WHEN pylon_num(text_a) > pylon_num(text_b) THEN 1 END);
  END IF;
  IF pylon_datetime(text_a) IS NOT NULL AND pylon_datetime(text_b) IS NOT NULL THEN
    RETURN timestamp_cmp(pylon_datetime(text_a), pylon_datetime(text_b));
  END IF;
  RETURN CASE WHEN text_a = text_b THEN 0 WHEN text_a COLLATE "C" < text_b THEN -1 ELSE 1 END;
END $$;

CREATE OR REPLACE FUNCTION pylon_less(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(pylon_order(a, b) < 0, false)
$$;

CREATE OR REPLACE FUNCTION pylon_at_most(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(pylon_order(a, b) <= 0, false)
$$;

CREATE OR REPLACE FUNCTION pylon_equal(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN 'number' IN (json_typeof(a::json), json_typeof(b::json)) THEN coalesce(pylon_order(a, b) = 0, false)
    ELSE coalesce(json_typeof(a::json), 'null') = coalesce(json_typeof(b::json), 'null')
      AND coalesce(a::json #>> '{}' = b::json #>> '{}', true)
  END
$$;
`.trimStart();
