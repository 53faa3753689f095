-- What decides how new lines of customers' histories are filed, one answer for each of them and in their order:
-- the category that its owner taught us for such a line, the rules for everybody that may fit it, whether its owner
-- has budgets; and what is in the wallet now.
CREATE FUNCTION wallet_filing(p_wallets bigint[], p_keys text[], p_kinds text[], p_counterparties text[])
RETURNS TABLE (taught text, rules jsonb, has_budgets boolean, balance bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT (SELECT t.category_id::text FROM wallet_taughtrule AS t WHERE t.wallet_id = line.wallet AND t.key = line.key),
           (SELECT jsonb_agg(jsonb_build_array(r.category_id, r.kind, r.counterparty, r.words) ORDER BY r.priority, r.id)
            FROM wallet_categoryrule AS r
            WHERE r.is_active AND r.kind IN ('', line.kind) AND r.counterparty IN ('', line.counterparty)),
           EXISTS (SELECT FROM wallet_budget AS b WHERE b.wallet_id = line.wallet),
           (SELECT sum(a.balance)::bigint FROM wallet_ledgeraccount AS a WHERE a.wallet_id = line.wallet)
    FROM unnest(p_wallets, p_keys, p_kinds, p_counterparties)
         WITH ORDINALITY AS line (wallet, key, kind, counterparty, place)
    ORDER BY line.place;
END $$;

-- reverse
DROP FUNCTION wallet_filing(bigint[], text[], text[], text[]);
