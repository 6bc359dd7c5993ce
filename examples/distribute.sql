-- Distributes the tables of entitle::postgres over the workers of a Citus cluster, by customer:
--     psql … -f examples/distribute.sql
-- Once, after a store has made the tables; of tables that it has brought forward, what is not distributed yet. Every key
-- and every reference contains customer_id, so that a customer's rows lie on one worker, and a command of one customer
-- needs no other. What customers share is small, and each worker has a copy.
SELECT create_reference_table('entitle_meta');
SELECT create_reference_table('entitle_templates');
SELECT create_reference_table('entitle_rules');
SELECT create_distributed_table('entitle_customers', 'customer_id');
SELECT create_distributed_table('entitle_entitlements', 'customer_id', colocate_with => 'entitle_customers');
SELECT create_distributed_table('entitle_cases', 'customer_id', colocate_with => 'entitle_customers');
SELECT create_distributed_table('entitle_entries', 'customer_id', colocate_with => 'entitle_customers');
SELECT create_distributed_table('entitle_requests', 'customer_id', colocate_with => 'entitle_customers');
SELECT create_distributed_table('entitle_seals', 'customer_id', colocate_with => 'entitle_customers');
SELECT create_distributed_table('entitle_bases', 'customer_id', colocate_with => 'entitle_customers');
SELECT create_distributed_table('entitle_base_counters', 'customer_id', colocate_with => 'entitle_customers');
SELECT create_distributed_table('entitle_base_cases', 'customer_id', colocate_with => 'entitle_customers');
